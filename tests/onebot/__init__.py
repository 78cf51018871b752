"""QQ as `palou run --network onebot` meets it: a OneBot v11 of these tests' own, on loopback."""
