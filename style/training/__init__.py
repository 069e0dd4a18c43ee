"""Training: from the procedural painter's pictures to the bundled base model, and from paintings to adapters.

Every run is seeded, resumes from its checkpoint, and works on CPU and CUDA. Only this package and the engine import
torch. Nothing here is loaded by the bot's process.
"""
