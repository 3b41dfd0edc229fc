import oss2

auth = oss2.StsAuth('«stsid»',
                    '«stssec»',
                    '«ststok»')
