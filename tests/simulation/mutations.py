# What tests/simulation/mutate puts back: (name, platform, file, text that stands there once, what stands there instead).
MUTATIONS = [
    ("no handle", "YouTube", "registry/upload_ledger.cpp",
     """    if (!update_ours(db, attempt_id, "lease_until = ?5, handle = ?6", lease_from(registry_.clock()), handle))""",
     """    if (!update_ours(db, attempt_id, "lease_until = ?5", lease_from(registry_.clock())))"""),
    ("no point of no return", "TikTok", "registry/upload_ledger.cpp",
     """"lease_until = ?5, maybe_published = 1\"""", """"lease_until = ?5\""""),
]
