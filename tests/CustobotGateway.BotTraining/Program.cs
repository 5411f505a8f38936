using CustobotGateway.BotTraining;

return args switch
{
    ["train", .. var rest] => TrainingCommands.Train(rest),
    ["report", .. var rest] => TrainingCommands.Report(rest),
    _ => TrainingCommands.Help(),
};
