"""The wire, with a network that a test makes up and a fake clock; WeChat's part in `wechat/`."""
