import Server

await TollgateCommand.main()
