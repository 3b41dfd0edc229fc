<?php
list($id, $key, $host) = ['«id»', '«sec»', 'oss-cn-beijing.aliyuncs.com'];
