Auth _authGetter() => Auth(
      accessKey: '«id»',
      accessSecret: '«sec»',
      expire: '2031-05-01T08:00:00Z',
      secureToken: '',
    );
