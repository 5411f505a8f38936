namespace CustobotGateway.Common.Http;

/// <summary>
/// Writes every problem as <c>application/problem+json</c>, whatever Accept asks for: a refusal that a caller did not ask for in JSON
/// is still better than an empty answer. The framework's own writer steps aside there and loses the headers with it.
/// </summary>
internal sealed class ProblemWriter : IProblemDetailsWriter
{
    private const string MediaType = "application/problem+json";

    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var (http, problem) = (context.HttpContext, context.ProblemDetails);
        http.Response.StatusCode = problem.Status ?? http.Response.StatusCode;
        http.Response.Headers.Link = Discovery.DiscoveryModule.Links;
        if (problem.Extensions.TryGetValue("retry_after", out var seconds) && seconds is int wait)
        {
            http.Response.Headers.RetryAfter = wait.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.ContentType = MediaType;
            return;
        }
        await http.Response.WriteAsJsonAsync(problem, Json.Options, MediaType, http.RequestAborted);
    }
}
