import oss2

access_key_id = "«id»"
access_key_secret = (
    "«sec:a|slice=0:15»"
    "«sec:a|slice=15:»"
)
