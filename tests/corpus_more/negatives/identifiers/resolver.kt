val secretKey = resolveJsr305CustomStateOrNull(annotations)
val ossSecret = createOSSClientWithSTSSession1(ak, sk)
