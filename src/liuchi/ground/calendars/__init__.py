"""Working days and hours, deadlines and pauses (工作日, 调休, 紧急工时)."""
