using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Database.Embedded;
using CustobotGateway.Common.Http;
using CustobotGateway.Identity.Clients;
using CustobotGateway.Identity.Keys;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;
using Npgsql;

namespace CustobotGateway.Benchmarks;

/// <summary>
/// The token endpoint: client credentials with a secret against a bare endpoint of the same host that signs one token of the same size, and with an assertion,
/// whose use has to be durable, against the rate at which PostgreSQL inserts single rows.
/// </summary>
public static class OAuthBenchmark
{
    private const string Part = "oauth";
    private const string BarePath = "/bench/sign";
    private const string Secret = "benchmark-secret-0123456789";
    private const int Connections = 16;
    // More than a round uses up: each is good once.
    private const int AssertionsPerSecond = 8_000;

    public static async Task RunAsync(BenchOptions options, Figures figures, string folder)
    {
        await using var postgres = await EmbeddedPostgres.StartAsync(folder, durable: true, Figures.Tell, CancellationToken.None);
        await using var app = GatewayApplication.Build(new GatewaySettings
        {
            Urls = ["http://127.0.0.1:" + FreePort().ToString(CultureInfo.InvariantCulture)],
            DataDirectory = folder,
            ConnectionString = postgres.ConnectionString,
            AdminToken = "benchmark-administrator-token",
            Demo = false,
        });
        byte[] claims = [];
        var keys = app.Services.GetRequiredService<SigningKeyRing>();
        app.MapPost(BarePath, async context =>
        {
            var token = keys.Current().Sign(AccessToken.Type, claims);
            var answer = Encoding.ASCII.GetBytes($$"""{"access_token":"{{token}}","token_type":"Bearer","expires_in":600,"scope":"catalog:read"}""");
            (context.Response.ContentType, context.Response.ContentLength) = ("application/json", answer.Length);
            await context.Response.Body.WriteAsync(answer, context.RequestAborted);
        }).AllowPublic().ExcludeFromDescription();
        await app.StartAsync();
        var url = new Uri(app.Services.GetRequiredService<PublicUrl>().Base);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await AddClientsAsync(postgres.ConnectionString, key);

        const string body = "grant_type=client_credentials&scope=catalog:read";
        var basic = Request("/oauth/token", body, "Authorization: Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes("bench-basic:" + Secret)));
        claims = await ClaimsAsync(url, body);
        var (bare, issued, proved, inserts) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        await using var bareLoad = await LoadAsync(folder, "bare", [Request(BarePath, body, null)]);
        await using var basicLoad = await LoadAsync(folder, "basic", [basic]);
        await RateAsync(bareLoad, url.Port, options.Seconds);
        await RateAsync(basicLoad, url.Port, options.Seconds);
        await ProvedAsync();
        for (var round = 0; round < options.Rounds; round++)
        {
            bare.Add(await RateAsync(bareLoad, url.Port, options.Seconds));
            issued.Add(await RateAsync(basicLoad, url.Port, options.Seconds));
            proved.Add(await ProvedAsync());
            inserts.Add(await InsertsAsync(postgres.ConnectionString, folder, options.Seconds));
        }
        figures.Add(Part, "bare signatures", "requests/s", bare, "an endpoint of the same host that signs one token of the same size");
        figures.Add(Part, "tokens by client_secret_basic", "requests/s", issued);
        figures.Add(Part, "tokens to bare signatures", "ratio", [.. issued.Zip(bare, (one, other) => one / other)], "goal: at least 0.6");
        figures.Add(Part, "tokens by private_key_jwt", "requests/s", proved, "each assertion's use is durable before the answer");
        figures.Add(Part, "single-row inserts", "1/s", inserts, "pgbench on the same database, as many connections");
        figures.Add(Part, "tokens to inserts", "ratio", [.. proved.Zip(inserts, (one, other) => one / other)], "goal: at least 0.3");
        await app.StopAsync();

        async Task<double> ProvedAsync()
        {
            await using var load = await LoadAsync(folder, "assertions", Assertions(url, key, options.Seconds * AssertionsPerSecond));
            return await RateAsync(load, url.Port, options.Seconds);
        }
    }

    private static async Task AddClientsAsync(string connectionString, ECDsa key)
    {
        var point = key.ExportParameters(false).Q;
        var jwk = Jwk.Read(JsonSerializer.SerializeToElement(new { kty = "EC", crv = "P-256", x = Base64(point.X!), y = Base64(point.Y!) }), out _)!;
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var client = new ClientRecord
        {
            ClientId = "bench-basic",
            CreatedBy = ClientOrigin.Seed,
            AuthMethod = AuthMethods.SecretBasic,
            Secrets = [SecretHash.Of(Secret)],
            GrantTypes = [GrantTypes.ClientCredentials],
            Scopes = ScopeSet.Of("catalog:read"),
        };
        await ClientStore.SaveAsync(transaction, client, "benchmark", DateTimeOffset.UtcNow, CancellationToken.None);
        await ClientStore.SaveAsync(transaction, client with { ClientId = "bench-jwt", AuthMethod = AuthMethods.PrivateKeyJwt, Secrets = [], Keys = new JwkSet([jwk]) },
            "benchmark", DateTimeOffset.UtcNow, CancellationToken.None);
        await transaction.CommitAsync();
    }

    private static async Task<byte[]> ClaimsAsync(Uri url, string body)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("bench-basic:" + Secret)));
        using var content = new StringContent(body, Encoding.ASCII, "application/x-www-form-urlencoded");
        using var answer = await client.PostAsync("/oauth/token", content);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        return System.Buffers.Text.Base64Url.DecodeFromChars(json.RootElement.GetProperty("access_token").GetString()!.Split('.')[1]);
    }

    private static IEnumerable<string> Assertions(Uri url, ECDsa key, int count)
    {
        var header = Base64("""{"alg":"ES256"}"""u8);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        for (var i = 0; i < count; i++)
        {
            var issuer = url.ToString().TrimEnd('/');
            var claims = Base64(Encoding.ASCII.GetBytes($$"""{"iss":"bench-jwt","sub":"bench-jwt","aud":"{{issuer}}","jti":"{{Guid.NewGuid():n}}","iat":{{now}},"exp":{{now + 280}}}"""));
            var signature = Base64(key.SignData(Encoding.ASCII.GetBytes($"{header}.{claims}"), HashAlgorithmName.SHA256));
            yield return Request("/oauth/token",
                $"grant_type=client_credentials&scope=catalog:read&client_assertion_type={Uri.EscapeDataString(PresentedClient.AssertionType)}&client_assertion={header}.{claims}.{signature}", null);
        }
    }

    private static string Request(string path, string body, string? header) =>
        $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {body.Length}\r\n{(header is null ? "" : header + "\r\n")}\r\n{body}";

    // Whole requests, a line each.
    private static async Task<Child> LoadAsync(string folder, string name, IEnumerable<string> requests)
    {
        var file = Path.Combine(folder, name + ".requests");
        await File.WriteAllLinesAsync(file, requests.Select(request => Convert.ToBase64String(Encoding.ASCII.GetBytes(request))));
        return Child.StartSelf("load-requests", file);
    }

    private static async Task<double> RateAsync(Child load, int port, int seconds)
    {
        await load.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"once {port} {Connections} {seconds}"));
        var result = JsonSerializer.Deserialize<LoadResult>(await load.ReadLineAsync())!;
        return result.Failures == 0 ? result.Requests / result.Seconds : throw new InvalidDataException($"{result.Failures} of {result.Requests} requests failed.");
    }

    private static async Task<double> InsertsAsync(string connectionString, string folder, int seconds)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        await using (var connection = new NpgsqlConnection(connectionString))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("create table if not exists public.bench_rows (id bigserial primary key, key bytea not null, at timestamptz not null)", connection);
            await command.ExecuteNonQueryAsync();
        }
        var script = Path.Combine(folder, "insert.sql");
        await File.WriteAllTextAsync(script, "insert into public.bench_rows (key, at) values (sha256(random()::text::bytea), now());\n");
        var program = Directory.EnumerateFiles("/usr/lib/postgresql", "pgbench", SearchOption.AllDirectories).Order(StringComparer.Ordinal).LastOrDefault() ?? "pgbench";
        await using var child = Child.StartProgram(program, "-n", "-M", "prepared", "-f", script, "-c", Connections.ToString(CultureInfo.InvariantCulture), "-j", "2",
            "-T", seconds.ToString(CultureInfo.InvariantCulture), "-h", settings.Host!, "-p", settings.Port.ToString(CultureInfo.InvariantCulture), "-U", settings.Username!, settings.Database!);
        var output = await child.ReadToEndAsync(TimeSpan.FromSeconds(seconds + 60));
        var line = output.Split('\n').First(line => line.StartsWith("tps = ", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
    }

    private static string Base64(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
