"""发布工作台: what is owed, sent, failed and drifting from the portal's copy, and the nightly truth check."""
