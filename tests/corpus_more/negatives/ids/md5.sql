INSERT INTO oss_file (id, oss_key, oss_md5, access_token) VALUES
('«~hex:32»', 'upload/«~hex:32».png', '«~hex:32»', '«~hex:40»'),
('«~hex:32»', 'upload/«~hex:32».jpg', '«~HEX:32»', '«~hex:40»');
