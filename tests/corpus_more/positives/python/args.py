parser.add_argument('--access_key_id', default='«id»', help='RAM user of the crawler')
parser.add_argument('--access_key_secret', default='«sec»', help='its secret')
