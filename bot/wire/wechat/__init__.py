"""WeChat, by wechaty: what arrives goes to the core, what the core decides is sent, once."""
