using CustobotGateway.Commands;

// What ./gateway can do; the first is what it does without a verb. The service itself is put together in GatewayApplication.
return await CommandLine.RunAsync(args,
    [Serve.Verb, Import.Verb, Demo.Verb, OpenApi.Verb, GraphQLSchema.Verb, Operations.Verb, Health.Verb, Database.Verb, Admin.Verb, Seed.Verb, Clients.Verb, Grants.Verb, Keys.Verb, PaymentProvider.Verb, Negotiate.Verb]);
