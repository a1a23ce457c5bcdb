"""How configuration comes into force: rows are the truth, and what is made from them is compared with them.

    a commit here -> wake          -> read rows -> compare -> events for the floor, rows for the PBX, files
    a commit elsewhere -> revision ->

Nobody else tells the floor of queues and operators, or the PBX of accounts and numbers. So it does not matter who wrote
the rows, nor whether their request was given up half-way.
"""
