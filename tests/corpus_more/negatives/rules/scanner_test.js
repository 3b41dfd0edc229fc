const sample = `accessKeyId: '${'LTAI5t' + 'A'.repeat(18)}'`;
expect(find(sample)).toHaveLength(1);
expect(find("accessKeyId: 'LTAI5t' + rest")).toHaveLength(0);
