headers = {"Authorization": "Basic «@basic»"}  # prometheus remote write of aliyun
requests.post(url, data=body, headers=headers)
