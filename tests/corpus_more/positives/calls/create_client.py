if __name__ == '__main__':
    client = Sample.create_client('«id»', '«sec»')
