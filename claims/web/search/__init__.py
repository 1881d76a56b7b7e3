"""Places that are searched, one file each, all through one protocol and one client."""
