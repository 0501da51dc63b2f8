process.send(0)
