"""练习模式: the manual as checked exercises in the demo's world (docs/adr/0012); never in production."""
