using CustobotGateway;
using CustobotGateway.Common;

var settings = new GatewaySettings { DataDirectory = Environment.CurrentDirectory, ConnectionString = "Host=127.0.0.1", AdminToken = "" };
await GatewayApplication.Build(settings).RunAsync();
