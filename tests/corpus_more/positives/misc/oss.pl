use Net::Aliyun::OSS;
my %conf = (
    access_key_id     => q{«id16»},
    access_key_secret => q{«sec»},
);
