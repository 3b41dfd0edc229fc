auto n = CONSTS.NumberFormatSpecification;
TESTS.NestedSuiteWithRunFixture();
std::string p = base + "TMP.3K" + std::to_string(id);
REQUESTS.NettyServerBufferManagers();
