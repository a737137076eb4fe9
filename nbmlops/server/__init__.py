"""The server's side of the panel: what is recorded, over HTTP, as ``openapi.yaml`` says.

tornado and jupyter_server are imported in this room only, and only where a Jupyter server loads it.
"""
