export const mock = {
  accessKeyId: 'LTAI4G«~an:0»8aB9cD2eFgH3iJ',
  accessKeySecret: 'aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0',
  accessKeyId2: 'LTAI5t«~an:0»AbCdEfGhIjKlMnOpQr',
  accessKeySecret2: 'AbCdEfGhIjKlMnOpQrStUvWxYz1234',
};
