export const uploads = {
  'oss-secret-doc': '«~an:12»-«~an:8»_«~an:9»',
  'oss-list': '«~an:10»_«~an:10»',
};
