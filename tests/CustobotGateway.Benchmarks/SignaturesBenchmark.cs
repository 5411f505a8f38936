using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CustobotGateway.BotDetection.Agents;
using CustobotGateway.Commands;
using CustobotGateway.Common;
using CustobotGateway.Identity.TrustedAgents;
using CustobotGateway.MessageSignatures.Components;
using CustobotGateway.MessageSignatures.Keys;
using CustobotGateway.MessageSignatures.Messages;
using CustobotGateway.MessageSignatures.Signing;
using CustobotGateway.MessageSignatures.Verification;
using CustobotGateway.MessageSignatures.WebBotAuth;
using Npgsql;

namespace CustobotGateway.Benchmarks;

/// <summary>
/// What it costs to believe a signed request whose key is known: the whole judgement, from its headers to the agent, against the bare verification of the same text by the
/// same key, in turn on one thread of this process. Each request has a nonce of its own, remembered in memory; beside it, what remembering it in the database costs.
/// </summary>
public static class SignaturesBenchmark
{
    private const string Part = "signatures";
    private const string Agent = "https://agent.example";
    private const int Batch = 50;
    private const int Requests = 1_000;
    private const int WarmRounds = 20;
    private const int AtOnce = 64;

    private static readonly SignatureAlgorithm[] Algorithms = [SignatureAlgorithm.Ed25519, SignatureAlgorithm.RsaPssSha512, SignatureAlgorithm.EcdsaP256Sha256];

    public static async Task RunAsync(BenchOptions options, Figures figures, string dataFolder)
    {
        await using var host = await GatewayHost.StartAsync(
            new GatewaySettings { Urls = ["http://127.0.0.1:0"], DataDirectory = dataFolder, ConnectionString = "", AdminToken = "benchmark-administrator-token", Demo = false }, CancellationToken.None);
        await host.WaitUntilReadyAsync(CancellationToken.None);
        var services = host.App.Services;
        var own = services.GetRequiredService<OwnAuthorities>();
        var inMemory = new AgentSignatures(new AgentOptions(), services.GetRequiredService<KnownAgents>(), own, new LocalNonces(TimeProvider.System), TimeProvider.System);
        var shared = services.GetRequiredService<AgentSignatures>();
        foreach (var algorithm in Algorithms)
        {
            using var key = SigningKey.Create(algorithm);
            await TrustAsync(services, key);
            var signer = new Signer(key, own.Main);
            for (var round = 0; round < WarmRounds; round++)
            {
                await RoundAsync(inMemory, signer.Make());
                signer.VerifyRound();
            }
            var (bare, whole, above) = (new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round < options.Rounds; round++)
            {
                bare.Add(signer.VerifyRound());
                whole.Add(await RoundAsync(inMemory, signer.Make()));
                above.Add(whole[^1] - (1.3 * bare[^1]));
            }
            figures.Add(Part, $"{algorithm.Name} bare verification", "µs", bare, "of the same text, key ready; median of batches");
            figures.Add(Part, $"{algorithm.Name} signed request", "µs", whole, "from its headers to the agent");
            figures.Add(Part, $"{algorithm.Name} above 1.3 × bare", "µs", above, "goal: at most 30");
            if (algorithm == SignatureAlgorithm.Ed25519)
            {
                for (var round = 0; round < WarmRounds; round++)
                {
                    await SharedRoundAsync(shared, signer.Make());
                }
                var durable = new List<double>();
                for (var round = 0; round < options.Rounds; round++)
                {
                    durable.Add(await SharedRoundAsync(shared, signer.Make()));
                }
                figures.Add(Part, $"{algorithm.Name} signed request, nonce in the database", "µs CPU", durable, $"of the gateway's process, {AtOnce} at once");
            }
        }
    }

    private static async Task TrustAsync(IServiceProvider services, SigningKey key)
    {
        var store = services.GetRequiredService<TrustedAgentStore>();
        await using var connection = await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await store.SaveAsync(transaction, Agent, "", JsonElement.Parse(KeyDirectory.Write([key.Public])), null, "benchmark", CancellationToken.None);
        await transaction.CommitAsync();
        await store.WhenChangedAsync(CancellationToken.None);
    }

    private static async Task<double> RoundAsync(AgentSignatures signatures, HttpContext[] contexts)
    {
        var times = new List<double>();
        for (var i = 0; i < contexts.Length; i += Batch)
        {
            var begun = Stopwatch.GetTimestamp();
            for (var j = i; j < i + Batch; j++)
            {
                Check(await signatures.JudgeAsync(contexts[j]));
            }
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMicroseconds / Batch);
        }
        return Figures.Median(times);
    }

    private static async Task<double> SharedRoundAsync(AgentSignatures signatures, HttpContext[] contexts)
    {
        var before = Environment.CpuUsage.TotalTime;
        await Parallel.ForEachAsync(contexts, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (context, _) => Check(await signatures.JudgeAsync(context)));
        return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / contexts.Length;
    }

    private static void Check(SignatureVerdict verdict)
    {
        if (!verdict.IsVerified)
        {
            throw new InvalidDataException($"A good signature was refused: {verdict.Reason}.");
        }
    }

    private sealed class Signer(SigningKey key, string authority)
    {
        private static readonly Component[] Covered = [Component.Of("@authority"), Component.Of("signature-agent")];

        private readonly SignatureVerifier _verifier = new(SignatureProfile.WebBotAuth);
        private long _next;

        public HttpContext[] Make() => [.. Enumerable.Range(0, Requests).Select(_ => Context())];

        public double VerifyRound()
        {
            var context = Context();
            var prepared = _verifier.Prepare(SignedRequest(context), DateTimeOffset.UtcNow).Candidates[0];
            var text = prepared.SignatureBase.ToArray();
            var signature = key.Sign(text);
            var times = new List<double>();
            for (var i = 0; i < Requests; i += Batch)
            {
                var begun = Stopwatch.GetTimestamp();
                for (var j = 0; j < Batch; j++)
                {
                    if (!key.Public.Verify(text, signature))
                    {
                        throw new InvalidDataException("A good signature was refused.");
                    }
                }
                times.Add(Stopwatch.GetElapsedTime(begun).TotalMicroseconds / Batch);
            }
            return Figures.Median(times);
        }

        private DefaultHttpContext Context()
        {
            var context = new DefaultHttpContext { Request = { Method = "GET", Scheme = "http", Host = new HostString(authority), Path = "/v1/products", QueryString = new QueryString("?size=20") } };
            context.Request.Headers.UserAgent = "ShoppingAgent/1.0 (+https://agent.example)";
            context.Request.Headers.Accept = "application/json";
            context.Request.Headers["Signature-Agent"] = $"\"{Agent}\"";
            var now = DateTimeOffset.UtcNow;
            var parameters = new SigningParameters { Components = Covered, Created = now, Expires = now.AddMinutes(10), Nonce = (_next++).ToString("d64", CultureInfo.InvariantCulture), Tag = "web-bot-auth" };
            if (!MessageSigning.TrySign(SignedRequest(context), key, parameters, out var signed))
            {
                throw new InvalidDataException("The request could not be signed.");
            }
            (context.Request.Headers["Signature-Input"], context.Request.Headers["Signature"]) = (signed.Input, signed.Signature);
            return context;
        }

        private static HttpMessage SignedRequest(HttpContext context) => HttpMessage.Request(
            "GET", "http", context.Request.Host.Value!, "/v1/products?size=20", new SignedRequests.Headers(context.Request.Headers));
    }
}
