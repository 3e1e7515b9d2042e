"""The names of what lies in the folder of a training (search/training.py), for those who may not import torch."""

WEIGHTS, CHECKPOINTS, PROGRESS, PARENT = "weights", "checkpoints", "progress.json", "parent.txt"
