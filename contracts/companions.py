"""What the statistics do along with a contract; they fill these lists when the apps are ready (apps.py).

Contracts import nothing that stands on them; each entry takes the contract, inside the same transaction.
"""

BESIDE_ITEMS = []  # one-to-one rows to be read along with the lines
SAVED = []  # its form was saved
FAULTS = []  # -> sentences that keep it from being submitted
FILED = []  # it is being filed
UNDONE = []  # its filing is being cancelled
