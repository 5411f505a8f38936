using CustobotGateway.BotDetection.Scoring;

namespace CustobotGateway.Tests.BotDetection.Scoring;

public sealed class VisitTests
{
    private const string Origin = "https://shop.example";

    // A page with what belongs to it, a person's pauses, and a way back.
    private static readonly (long At, string Path)[] Person = [(0, "/"), (9_400, "/category/lamps"), (41_000, "/product/7"), (52_500, "/category/lamps"), (180_000, "/product/9"), (214_000, "/help")];

    private static readonly (long At, string Path)[] Crawler = [.. Enumerable.Range(0, 12).Select(i => ((long)i * 700, "/product/" + i))];

    [Fact]
    public void A_crawlers_visit_speaks_for_software_and_a_persons_against_it()
    {
        var alone = CallerScorer.Score(Browsers.ChromePage()).Score;

        Assert.True(ScoreOf(Visit(Person, withAssets: true)) < alone);
        Assert.True(ScoreOf(Visit(Crawler, withAssets: false)) >= CallerScorer.Threshold);
    }

    [Fact]
    public void Below_three_requests_a_visit_says_nothing()
    {
        var two = VisitFeatures.Of(Visit(Crawler, withAssets: false).Take(2));

        Assert.Equal(CallerScorer.Score(Browsers.ChromePage()).LogOdds, CallerScorer.Score(Browsers.ChromePage(), two).LogOdds);
    }

    [Theory]
    [InlineData("/help", "/checkout")]
    [InlineData("/product/9", "/cart")]
    public void Buying_changes_nothing(string from, string to)
    {
        var bought = Person.Select(step => step.Path == from ? (step.At, to) : step).ToArray();

        Assert.Equal(ScoreOf(Visit(Person, withAssets: true)), ScoreOf(Visit(bought, withAssets: true)));
    }

    [Fact]
    public void The_same_visit_twice_as_long_stays_a_persons()
    {
        var twice = Person.Concat(Person.Select(step => (step.At + 300_000, step.Path))).ToArray();

        Assert.True(ScoreOf(Visit(twice, withAssets: true)) < 10);
    }

    [Fact]
    public void What_was_seen_is_what_is_told()
    {
        var codes = CallerScorer.Score(Browsers.ChromePage(), VisitFeatures.Of(Visit(Crawler, withAssets: false))).Reasons.Select(reason => reason.Code).ToArray();

        Assert.Subset(codes.ToHashSet(), new HashSet<string> { "visit_regular", "visit_no_assets", "visit_no_referers", "visit_counts_up", "visit_steps_at_once" });
        Assert.DoesNotContain("visit_steps_slow", codes);
    }

    [Fact]
    public void The_page_after_a_form_is_no_step_of_its_own()
    {
        // A cart's form answers with the next page at once; that is the server's pace, not the visitor's.
        VisitRequest[] visit =
        [
            new(0, "GET", "/product/7", 200, Origin), new(8_000, "POST", "/cart/add", 303, Origin), new(8_150, "GET", "/cart", 200, Origin), new(30_000, "GET", "/checkout", 200, Origin),
        ];

        var codes = CallerScorer.Score(Browsers.ChromePage(), VisitFeatures.Of(visit)).Parts.Where(part => part.Weight != 0).Select(part => part.Code);

        Assert.DoesNotContain("visit_steps_at_once", codes);
    }

    private static int ScoreOf(IEnumerable<VisitRequest> visit) => CallerScorer.Score(Browsers.ChromePage(), VisitFeatures.Of(visit)).Score;

    private static IEnumerable<VisitRequest> Visit((long At, string Path)[] steps, bool withAssets)
    {
        for (var i = 0; i < steps.Length; i++)
        {
            var (at, path) = steps[i];
            yield return new(at, "GET", path, 200, withAssets && i > 0 ? Origin + steps[i - 1].Path : null);
            if (withAssets)
            {
                yield return new(at + 60, "GET", "/static/app.css", 200, Origin + path);
                yield return new(at + 90, "GET", "/img/logo.png", 200, Origin + path);
                yield return new(at + 300, "POST", "/api/events", 200, Origin + path);
            }
        }
    }
}
