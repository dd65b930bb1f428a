import Server

await TollgateCommand.runProcess()
