"""`palou run` as a process, against a gateway with a mocked WeChat."""
