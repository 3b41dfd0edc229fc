class VodClientHolder {
    static final String acessKeyID = "«id»";
    static final String accessSercet = "«sec»";

    static DefaultAcsClient get() throws ClientException {
        return new DefaultAcsClient(DefaultProfile.getProfile("cn-shanghai", acessKeyID, accessSercet));
    }
}
