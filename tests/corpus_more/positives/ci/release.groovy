node('linux') {
  withEnv(['ALICLOUD_ACCESS_KEY=«id»', 'ALICLOUD_SECRET_KEY=«sec»']) {
    sh 'terraform apply -auto-approve'
  }
}
