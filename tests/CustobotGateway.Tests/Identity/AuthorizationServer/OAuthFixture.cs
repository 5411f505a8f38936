using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Identity.AuthorizationServer;
using CustobotGateway.Identity.Clients;
using CustobotGateway.Identity.Keys;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Details;
using CustobotGateway.OAuth.Grants;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;
using CustobotGateway.Tests.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Identity.AuthorizationServer;

/// <summary>What an endpoint answered.</summary>
public sealed record Answer(HttpStatusCode Status, JsonElement Body, HttpResponseHeaders Headers)
{
    public string? Error => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("error", out var error) ? error.GetString() : null;

    public string Text(string member) => Body.GetProperty(member).GetString()!;

    public void ShouldBe(int status, string error) => Assert.Equal((status, error), ((int)Status, Error));

    public Answer ShouldSucceed(HttpStatusCode status = HttpStatusCode.OK)
    {
        Assert.True(Status == status, $"{(int)Status} {(Body.ValueKind == JsonValueKind.Undefined ? "" : Body.GetRawText())}");
        return this;
    }
}

/// <summary>A gateway that is published under a name of its own, with clients and people's grants put into its tables; and a second one on the same database.</summary>
public class OAuthFixture : GatewayFixture
{
    public const string Issuer = "https://shop.example";
    public const string Secret = "a-secret-of-the-tests-0123456789abcdef";
    public const string RedirectUri = "https://client.example/callback";
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private WebApplication? _second;

    public ShiftedClock Clock { get; } = new();

    public HttpClient Other { get; private set; } = null!;

    protected override GatewaySettings Configure(GatewaySettings settings) => settings with { PublicUrl = Issuer };

    protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton<TimeProvider>(Clock);

    public ServerPolicy Policy => App.Services.GetRequiredService<ServerPolicySource>().Current;

    /// <summary>Starts the second gateway, once.</summary>
    public async Task<HttpClient> StartSecondAsync()
    {
        if (_second is null)
        {
            _second = GatewayApplication.Build(Configure(new GatewaySettings
            {
                Urls = ["http://127.0.0.1:0"],
                DataDirectory = DataDirectory,
                ConnectionString = ConnectionString,
                AdminToken = AdminToken,
                Demo = false,
            }), ConfigureServices);
            await _second.StartAsync();
            Other = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
            {
                BaseAddress = new Uri(_second.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()),
            };
        }
        return Other;
    }

    public async Task StopSecondAsync()
    {
        if (_second is not null)
        {
            Other.Dispose();
            await _second.StopAsync();
            await _second.DisposeAsync();
            _second = null;
        }
    }

    /// <summary>A confidential client that may do everything, changed as the test wants.</summary>
    public async Task<ClientRecord> AddClientAsync(Func<ClientRecord, ClientRecord>? change = null)
    {
        var client = new ClientRecord
        {
            ClientId = "client-" + Guid.NewGuid().ToString("n"),
            Name = "A client",
            CreatedBy = ClientOrigin.Seed,
            AuthMethod = AuthMethods.SecretBasic,
            Secrets = [SecretHash.Of(Secret)],
            RedirectUris = [RedirectUri],
            GrantTypes = GrantTypes.All,
            Scopes = ScopeSet.Of("openid", "offline_access", "catalog:read", "negotiations", "checkout"),
            ExchangeResources = ["/v1", "/graphql"],
            AuthorizationDetailsTypes = ["purchase_mandate"],
        };
        client = change?.Invoke(client) ?? client;
        await using var connection = await OpenDatabaseAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ClientStore.SaveAsync(transaction, client, "test", Clock.GetUtcNow(), CancellationToken.None);
        await transaction.CommitAsync();
        await App.Services.GetRequiredService<ClientStore>().ForgetAsync(client.ClientId, CancellationToken.None);
        return client;
    }

    /// <summary>A client without a secret.</summary>
    public Task<ClientRecord> AddPublicClientAsync() => AddClientAsync(client => client with { AuthMethod = AuthMethods.None, Secrets = [] });

    /// <summary>A person consents: the code.</summary>
    public async Task<string> ConsentAsync(
        ClientRecord client, string scope = "openid catalog:read checkout", string[]? resources = null, string? details = null, string? thumbprint = null, string? nonce = null)
    {
        await using var connection = await OpenDatabaseAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var known = details is null ? null : AuthorizationDetails.Read(details, Policy.DetailTypes, Clock.GetUtcNow()).Value;
        var request = new AuthorizationRequest
        {
            ClientId = client.ClientId,
            RedirectUri = RedirectUri,
            RedirectUriWasSent = true,
            Scopes = ScopeSet.TryParse(scope, out var scopes) ? scopes : throw new ArgumentException(scope),
            CodeChallenge = Pkce.Challenge(Verifier),
            Resources = resources ?? [Issuer + "/v1"],
            Details = known,
            DpopThumbprint = thumbprint,
            Nonce = nonce,
        };
        var code = await IssueCode.RunAsync(transaction, request, GrantOf(client.ClientId, request), null, Policy, Clock, CancellationToken.None);
        await transaction.CommitAsync();
        return code!;
    }

    /// <summary>What a person grants who agrees to everything.</summary>
    public Grant GrantOf(string clientId, AuthorizationRequest request) => new()
    {
        GrantId = "",
        ClientId = clientId,
        Subject = "usr_test",
        Scopes = request.Scopes,
        Resources = request.Resources,
        Details = request.Details,
        AuthenticatedAt = Clock.GetUtcNow(),
        AuthenticationContext = "pwd",
    };

    /// <summary>A person consents and the client redeems the code.</summary>
    public async Task<Answer> TokensAsync(ClientRecord client, string scope = "openid catalog:read checkout", string? details = null, string[]? resources = null, string? proof = null) =>
        (await RedeemAsync(client, await ConsentAsync(client, scope, resources, details), proof)).ShouldSucceed();

    public Task<Answer> RedeemAsync(ClientRecord client, string code, string? proof = null, HttpClient? gateway = null) =>
        PostAsync("/oauth/token", client, [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", RedirectUri), ("code_verifier", Verifier)], proof, gateway);

    public Task<Answer> RefreshAsync(ClientRecord client, string token, string? proof = null, HttpClient? gateway = null, params (string, string)[] more) =>
        PostAsync("/oauth/token", client, [("grant_type", "refresh_token"), ("refresh_token", token), .. more], proof, gateway);

    /// <summary>A person decides on a device's request.</summary>
    public async Task DecideAsync(string userCode, bool allow)
    {
        await using var connection = await OpenDatabaseAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var devices = new DeviceRequests(connection, transaction, Policy);
        var (device, asked) = (await devices.FindAskedAsync(userCode, Clock.GetUtcNow(), CancellationToken.None))!;
        var grant = allow
            ? await Grants.CreateAsync(transaction, new Grant
            {
                GrantId = "",
                ClientId = device.ClientId,
                Subject = "usr_test",
                Scopes = asked.Scopes,
                Resources = asked.Resources,
                Details = asked.Details,
                AuthenticatedAt = Clock.GetUtcNow(),
            }, "usr_test", Clock, CancellationToken.None)
            : null;
        Assert.True(await devices.TryDecideAsync(device.Hash, grant, Clock.GetUtcNow(), CancellationToken.None));
        await transaction.CommitAsync();
    }

    /// <summary>Posts a form as the client, authenticated as it is registered.</summary>
    public Task<Answer> PostAsync(string path, ClientRecord client, (string Name, string Value)[] form, string? proof = null, HttpClient? gateway = null)
    {
        var header = client.AuthMethod == AuthMethods.SecretBasic ? BasicOf(client.ClientId, Secret) : null;
        if (client.AuthMethod == AuthMethods.SecretPost)
        {
            form = [.. form, ("client_secret", Secret)];
        }
        return PostAsync(path, header is null ? [.. form, ("client_id", client.ClientId)] : form, header, proof, gateway);
    }

    public async Task<Answer> PostAsync(string path, (string Name, string Value)[] form, AuthenticationHeaderValue? authorization = null, string? proof = null, HttpClient? gateway = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(form.Select(pair => new KeyValuePair<string, string>(pair.Name, pair.Value))),
        };
        request.Headers.Authorization = authorization;
        if (proof is not null)
        {
            request.Headers.TryAddWithoutValidation("DPoP", proof);
        }
        return await SendAsync(request, gateway);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request, HttpClient? gateway = null)
    {
        using var answer = await (gateway ?? Client).SendAsync(request);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var isJson = answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;
        return new Answer(answer.StatusCode, isJson ? JsonElement.Parse(bytes) : default, answer.Headers);
    }

    public static AuthenticationHeaderValue BasicOf(string id, string secret) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}")));

    /// <summary>Reads an access token as a resource would.</summary>
    public AccessToken Read(string token, string? audience = Issuer + "/v1") =>
        new AccessTokenReader(new TokenProfile { Issuer = Issuer, IsOwn = true, DetailTypes = Policy.DetailTypes })
            .Read(token, App.Services.GetRequiredService<SigningKeyRing>().Verification, audience, Clock.GetUtcNow()).Value;

    public async Task<bool> IsActiveAsync(ClientRecord client, string token) =>
        (await PostAsync("/oauth/introspect", client, [("token", token)])).ShouldSucceed().Body.GetProperty("active").GetBoolean();
}
