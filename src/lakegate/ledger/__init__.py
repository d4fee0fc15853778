"""The control bucket: who arrived, who may start, what ran and what readers see."""
