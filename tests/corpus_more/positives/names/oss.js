export default {
  accessKeyId: "«id16»",
  accessKeySecert: "«sec»",
  bucket: "demo",
};
