"""The archive and the bot's record in a browser: a plugin of Datasette's."""
