from odps import ODPS

o = ODPS("«id16»", "«sec»", "dw_demo", endpoint="http://service.cn.maxcompute.aliyun.com/api")
with o.execute_sql("select 1").open_reader() as reader:
    print(reader[0])
