"""WeChat, through a wechaty gateway: its `Connection`, and how its messages read and look."""
