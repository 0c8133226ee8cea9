"""Web pages into a folder: the only part of Citewell that goes to the network, and when told to."""
