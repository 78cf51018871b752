"""The WeChat adapter, without a gateway and by a fake clock."""
