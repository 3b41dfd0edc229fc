#!/bin/sh
ossutil64 cp -rf ./dist oss://site-demo/ -e oss-cn-hangzhou.aliyuncs.com -i «id» -k «sec»
