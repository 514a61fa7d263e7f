"""操作手册: its chapters inside the running system, and which page's help stands where."""
