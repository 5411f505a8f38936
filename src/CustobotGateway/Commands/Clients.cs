using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Identity.AuthorizationServer;
using CustobotGateway.Identity.Clients;
using CustobotGateway.Identity.Delegation;
using FluentValidation;

namespace CustobotGateway.Commands;

/// <summary><c>./gateway clients …</c>: keeps the OAuth clients, by the same operations as the API, also while a gateway runs.</summary>
public static class Clients
{
    private const string Id = "--id", ClientName = "--name", Method = "--auth-method", Grants = "--grant-types", ScopeNames = "--scopes", RedirectUris = "--redirect-uris",
        ResourceNames = "--resources", Dpop = "--require-dpop", Par = "--require-par", DropOld = "--drop-old";
    private const int PageSize = 500;

    private static readonly AgentPrincipal Operator = AgentPrincipal.Administrator with { ClientId = "command line" };
    private static readonly JsonSerializerOptions Indented = new(Json.Options) { WriteIndented = true };

    /// <summary>The verb.</summary>
    public static Verb Verb { get; } = new()
    {
        Name = "clients",
        Operands = "list | show ID | create [FILE] | disable ID | enable ID | rotate-secret ID | delete ID",
        Summary = "Keep the OAuth clients",
        Help = """
            Prints JSON. 'create' takes its options, or a file with the body of POST /v1/clients; a secret is made where the method needs one, printed this once, and
            stored as a hash only. 'rotate-secret' leaves the old secret good beside the new one, unless --drop-old is given. Works beside a running gateway, which
            sees each change within a second.
            """,
        Options =
        [
            new(Id, "ID", "create: its id; made where it is missing"),
            new(ClientName, "NAME", "create: what people are shown"),
            new(Method, "METHOD", "create: client_secret_basic (default), client_secret_post, private_key_jwt (with FILE) or none"),
            new(Grants, "TYPES", "create: grant types, separated by spaces; client_credentials by default"),
            new(ScopeNames, "SCOPES", "create: scopes, separated by spaces; catalog:read by default"),
            new(RedirectUris, "URIS", "create: redirect URIs, separated by spaces"),
            new(ResourceNames, "RESOURCES", "create: resources, separated by spaces; all of this gateway by default"),
            new(Dpop, null, "create: its tokens have to be bound to a key"),
            new(Par, null, "create: it has to push its authorization requests"),
            new(DropOld, null, "rotate-secret: the old secret ends at once"),
            .. Offline.Options,
        ],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(Words words, CancellationToken cancellationToken)
    {
        if (words.Operands is not (["list"] or ["create"] or ["create", _] or ["show" or "disable" or "enable" or "rotate-secret" or "delete", _]))
        {
            throw CommandException.Usage("what 'clients' does is list, show ID, create [FILE], disable ID, enable ID, rotate-secret ID or delete ID.");
        }
        await using var gateway = await Offline.OpenAsync(GatewayOptions.Read(words), cancellationToken);
        var services = gateway.Services;
        var store = services.GetRequiredService<ClientStore>();
        switch (words.Operands)
        {
            case ["list"]:
                Print(await AllAsync(store, cancellationToken));
                break;
            case ["show", var id]:
                Print(RegisteredClient.Of(await store.GetAsync(id, cancellationToken) ?? throw new CommandException($"there is no client {id}.")));
                break;
            case ["create", ..]:
                Print(Done(await CreateAsync(words, services, store, cancellationToken)));
                break;
            case ["delete", var id]:
                Print(Done(await DeleteClient.RunAsync(id, null, Operator, services.GetRequiredService<Writes>(), store, services.GetRequiredService<GrantEnding>(), services.GetRequiredService<TimeProvider>(), cancellationToken)));
                break;
            case [var change, var id]:
                var request = change == "rotate-secret" ? new ChangeClient.Request(RotateSecret: true, DropOldSecrets: words.Has(DropOld)) : new ChangeClient.Request(Enabled: change == "enable");
                Print(Done(await ChangeClient.RunAsync(id, request, null, Operator, services.GetRequiredService<Writes>(), store, services.GetRequiredService<TimeProvider>(), cancellationToken)));
                break;
        }
        return ExitCode.Done;
    }

    private static async Task<Outcome<RegisteredClient>> CreateAsync(Words words, IServiceProvider services, ClientStore store, CancellationToken cancellationToken)
    {
        var request = words.Operands is [_, var file] ? await ReadAsync(file, cancellationToken) : new CreateClient.Request(
            words[Id], words[ClientName], words[Method], List(words[RedirectUris]), List(words[Grants]), List(words[ScopeNames]), List(words[ResourceNames]),
            RequireDpop: words.Has(Dpop), RequirePar: words.Has(Par));
        return Validation.Check(services.GetRequiredService<IValidator<CreateClient.Request>>(), request) is { } fault
            ? fault
            : await CreateClient.RunAsync(request, null, Operator, services.GetRequiredService<Writes>(), services.GetRequiredService<ServerPolicySource>(), store,
                services.GetRequiredService<TimeProvider>(), cancellationToken);
    }

    private static async Task<CreateClient.Request> ReadAsync(string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
        {
            throw new CommandException($"there is no file {file}.");
        }
        try
        {
            return JsonSerializer.Deserialize<CreateClient.Request>(await File.ReadAllBytesAsync(file, cancellationToken), Json.Options) ?? throw new CommandException($"{file} holds no object.");
        }
        catch (JsonException fault)
        {
            throw new CommandException($"{file} is not the body of POST /v1/clients, at {fault.Path ?? "its beginning"}.");
        }
    }

    private static async Task<List<RegisteredClient>> AllAsync(ClientStore store, CancellationToken cancellationToken)
    {
        var all = new List<RegisteredClient>();
        string? after = null;
        do
        {
            var page = await store.ListAsync(after, PageSize, cancellationToken);
            all.AddRange(page.Select(client => RegisteredClient.Of(client)));
            after = page.Count == PageSize ? page[^1].ClientId : null;
        }
        while (after is not null);
        return all;
    }

    private static string[]? List(string? text) => text?.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static T Done<T>(Outcome<T> outcome)
        where T : notnull => outcome.Succeeded ? outcome.Value : throw new CommandException(outcome.Problem!.Detail);

    private static void Print<T>(T value) => System.Console.Out.WriteLine(JsonSerializer.Serialize(value, Indented));
}
