namespace CustobotGateway.Common.Discovery;

/// <summary>The page that each problem's <c>type</c> leads to.</summary>
internal static class ProblemPages
{
    /// <summary>The kinds of problem of every module.</summary>
    public sealed record Published(IReadOnlyList<ProblemType> All);

    /// <summary>A list of kinds of problem.</summary>
    /// <param name="Problems">In the order of their codes.</param>
    public sealed record Listing(IReadOnlyList<ProblemType> Problems);

    public static void Map(RouteGroupBuilder discovery)
    {
        discovery.MapGet("/problems", List).WithName("listProblems").Produces<Listing>()
            .WithSummary("Every refusal that can be answered").WithDescription("Codes are stable. JSON, or a page where Accept prefers HTML.");
        discovery.MapGet("/problems/{code}", Get).WithName("getProblem").Produces<ProblemType>().ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("What a refusal means and what to do").WithDescription("Where a problem's type leads. JSON, or a page where Accept prefers HTML.");
    }

    private static IResult List(HttpRequest request, Published problems) => Entry.PrefersHtml(request)
        ? TypedResults.Content(Entry.Html("Problems", "Every refusal carries one of these codes.", problems.All.Select(one =>
            new Entry.Link("item", "/problems/" + one.Code, "text/html", one.Code, $"{one.Status} {one.Title}."))), "text/html; charset=utf-8")
        : TypedResults.Json(new Listing(problems.All), Json.Options);

    private static IResult Get(string code, HttpRequest request, Published problems) => problems.All.FirstOrDefault(one => one.Code == code) is not { } problem
        ? CommonProblems.NotFound.With($"There is no problem '{code}'; /problems lists them.").ToHttp()
        : Entry.PrefersHtml(request)
            ? TypedResults.Content(Entry.Html($"{problem.Status} {problem.Title}", problem.Help, [new("index", "/problems", "text/html", "All problems", $"This one's code is {code}.")]), "text/html; charset=utf-8")
            : TypedResults.Json(problem, Json.Options);
}
