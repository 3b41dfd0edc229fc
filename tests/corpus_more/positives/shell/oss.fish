set -x OSS_ACCESS_ID «id16»
set -x OSS_ACCESS_SECRET «sec»
