"""The chaos run: bots play on several processes while everything is killed, stopped and cut."""
