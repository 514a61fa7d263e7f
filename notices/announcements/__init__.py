"""信息公告: the local register of the national formats, and the way into the portal's own system (M 3.7)."""
