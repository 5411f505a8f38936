using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace CustobotGateway.Common.Http;

/// <summary>Recognises callers by a bearer token; a module adds one for the tokens that it issues.</summary>
public interface IRecognizer
{
    /// <summary>Who the token belongs to, or null when it is none of this recognizer's.</summary>
    ValueTask<AgentPrincipal?> RecognizeAsync(string bearerToken, CancellationToken cancellationToken);
}

/// <summary>The administrator's token. Compared by digest in constant time, so that timing tells nothing of it.</summary>
internal sealed class AdministratorRecognizer(GatewaySettings settings) : IRecognizer
{
    private readonly byte[] _digest = SHA256.HashData(Encoding.UTF8.GetBytes(settings.AdminToken));

    public ValueTask<AgentPrincipal?> RecognizeAsync(string bearerToken, CancellationToken cancellationToken) =>
        new(settings.AdminToken.Length > 0 && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(bearerToken)), _digest)
            ? AgentPrincipal.Administrator
            : null);
}

/// <summary>
/// After routing: refuses a body over the route's limit, finds out who calls, and holds the route's <see cref="RouteAccess"/>.
/// A public read without credentials passes with a few comparisons and no allocation.
/// </summary>
internal sealed class Recognition(RequestDelegate next, IEnumerable<IRecognizer> recognizers)
{
    private const string Scheme = "Bearer ";

    private readonly IRecognizer[] _recognizers = [.. recognizers];

    public Task InvokeAsync(HttpContext context)
    {
        if (BodyLimits.Exceeds(context))
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return Task.CompletedTask;
        }
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Link = Discovery.DiscoveryModule.Links;
        }
        var access = context.GetEndpoint()?.Metadata.GetMetadata<RouteAccess>();
        var authorization = context.Request.Headers.Authorization;
        if (authorization.Count == 0)
        {
            return access?.Refuse(AgentPrincipal.Anonymous) is { } problem ? RefuseAsync(context, problem) : next(context);
        }
        return RecognizeAsync(context, access, authorization.ToString());
    }

    private async Task RecognizeAsync(HttpContext context, RouteAccess? access, string authorization)
    {
        var agent = AgentPrincipal.Anonymous;
        if (authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            var token = authorization[Scheme.Length..].Trim();
            try
            {
                agent = await RecognizeAsync(token, context.RequestAborted);
                context.Features.Set(agent);
            }
            catch (NpgsqlException) when (access?.Refuse(AgentPrincipal.Anonymous) is null)
            {
                // A public read is answered from memory while the database is away, also to one whose token cannot be looked up.
            }
        }
        await (access?.Refuse(agent) is { } problem ? RefuseAsync(context, problem) : next(context));
    }

    private async ValueTask<AgentPrincipal> RecognizeAsync(string token, CancellationToken cancellationToken)
    {
        foreach (var recognizer in _recognizers)
        {
            if (await recognizer.RecognizeAsync(token, cancellationToken) is { } known)
            {
                return known;
            }
        }
        return AgentPrincipal.Anonymous;
    }

    private static Task RefuseAsync(HttpContext context, Problem problem)
    {
        if (problem.Type.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }
        return problem.ToHttp().ExecuteAsync(context);
    }
}

/// <summary>The caller of a request.</summary>
public static class RecognitionExtensions
{
    /// <summary>Who calls; <see cref="AgentPrincipal.Anonymous"/> when nobody was recognised.</summary>
    public static AgentPrincipal GetAgent(this HttpContext context) => context.Features.Get<AgentPrincipal>() ?? AgentPrincipal.Anonymous;
}
